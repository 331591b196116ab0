// How often the calling thread took memory from the heap by operator new, in this program and in its libraries.
#pragma once

namespace dualsight::testing {

long allocation_count();
bool counts_allocations();  // false under sanitizers, which bring their own heap

}  // namespace dualsight::testing
