// The precompiled header of src/cli, where nearly every file declares a command.
#pragma once
#include <CLI/CLI.hpp>

#include "precompiled.h"
