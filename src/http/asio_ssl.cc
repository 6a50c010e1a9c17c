// Asio's TLS code, compiled once: BOOST_ASIO_SEPARATE_COMPILATION leaves it out of the headers.
#include <boost/asio/ssl/impl/src.hpp>
