/* WP: a header goes out whole or is taken back, and the window is kept. */
#include "say.h"

#include "header_window.h"
