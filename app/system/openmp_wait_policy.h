// By default OpenMP's threads spin while they wait for each other. If one of them has lost its core to another process
// or to this one's video encoder, the others waste their cores, and one frame takes several times as long. With the
// passive policy they sleep instead.
#pragma once

namespace dualsight {

// Sets OMP_WAIT_POLICY=passive and executes this program again with the same arguments, because OpenMP reads the
// variable when the program is loaded, before main. Returns if the user has chosen a policy already, or if it is not
// possible. Call first in main.
void restart_with_passive_openmp(char** argv);

}  // namespace dualsight
