// What each file of benchmarks adds to the program.
#pragma once

namespace ads::bench {

void add_parse_and_classify();
void add_chunks();

}  // namespace ads::bench
