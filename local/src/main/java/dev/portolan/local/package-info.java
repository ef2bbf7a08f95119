/// The `portolan` command: pipelines on a laptop, with state in one folder.
@NullMarked
package dev.portolan.local;

import org.jspecify.annotations.NullMarked;
