/// Mail by SES, once per key.
@NullMarked
package dev.portolan.aws.ses;

import org.jspecify.annotations.NullMarked;
