// OpenMP's threads spin while they wait for each other. Where one of them does not get its core (another process, or
// this one's own encoder), the others then burn theirs: a picture takes several times as long. So they are to sleep.
#pragma once

namespace dualsight {

// OpenMP reads its settings when the program is loaded, long before main: sets OMP_WAIT_POLICY=passive and starts this
// program anew, once, with the same arguments. Returns where that is not needed (the user has chosen a policy) or not
// possible. Call first in main.
void restart_with_passive_openmp(char** argv);

}  // namespace dualsight
