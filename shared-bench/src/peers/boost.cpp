// What the Rust side of the comparison calls of Boost.Interprocess. One function for each step, so that each side
// pays for one call, as a C++ program does that is not inlined.

#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/version.hpp>
#include <cstdint>
#include <cstdio>
#include <new>

namespace ip = boost::interprocess;

namespace {

struct Segment {
    ip::managed_shared_memory memory;
};

void name_of(std::size_t index, char *name) { std::snprintf(name, 24, "field%zu", index); }

} // namespace

extern "C" {

const char *boost_version() { return BOOST_LIB_VERSION; }

// A mutex is made in the caller's memory.
std::size_t boost_mutex_size() { return sizeof(ip::interprocess_mutex); }
void boost_mutex_init(void *place) { new (place) ip::interprocess_mutex; }
void boost_mutex_lock(void *mutex) { static_cast<ip::interprocess_mutex *>(mutex)->lock(); }
void boost_mutex_unlock(void *mutex) { static_cast<ip::interprocess_mutex *>(mutex)->unlock(); }

// 0: create, 1: open, 2: either. Null if it fails. The first access is to a number in it.
void *boost_segment(const char *name, std::size_t length, int how) try {
    auto *segment = how == 0   ? new Segment{{ip::create_only, name, length}}
                    : how == 1 ? new Segment{{ip::open_only, name}}
                               : new Segment{{ip::open_or_create, name, length}};
    auto *number = segment->memory.find_or_construct<std::uint64_t>("number")(0);
    *const_cast<volatile std::uint64_t *>(number);
    return segment;
} catch (...) {
    return nullptr;
}

void boost_segment_close(void *segment) { delete static_cast<Segment *>(segment); }
bool boost_segment_remove(const char *name) { return ip::shared_memory_object::remove(name); }

// Makes so many named numbers.
bool boost_fields(void *segment, std::size_t count) try {
    char name[24];
    for (std::size_t i = 0; i < count; i++) {
        name_of(i, name);
        static_cast<Segment *>(segment)->memory.construct<std::uint64_t>(name)(0);
    }
    return true;
} catch (...) {
    return false;
}

// The number of that name.
std::uint64_t *boost_find(void *segment, const char *name) {
    return static_cast<Segment *>(segment)->memory.find<std::uint64_t>(name).first;
}

}
