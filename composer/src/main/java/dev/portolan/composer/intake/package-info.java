/// What `validate` and `notify` read beside the payload: the address rule, schemas and templates in folders.
@NullMarked
package dev.portolan.composer.intake;

import org.jspecify.annotations.NullMarked;
