// Beast's own code, compiled once: BOOST_BEAST_SEPARATE_COMPILATION leaves it out of the headers.
#include <boost/beast/src.hpp>
