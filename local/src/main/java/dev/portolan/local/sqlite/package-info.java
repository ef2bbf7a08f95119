/// The laptop's state store: one SQLite file.
@NullMarked
package dev.portolan.local.sqlite;

import org.jspecify.annotations.NullMarked;
