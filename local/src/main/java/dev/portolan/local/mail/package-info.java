/// Mail on a laptop: messages become files instead of being sent.
@NullMarked
package dev.portolan.local.mail;

import org.jspecify.annotations.NullMarked;
