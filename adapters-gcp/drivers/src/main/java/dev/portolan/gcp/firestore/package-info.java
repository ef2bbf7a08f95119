/// State in Firestore, in its native mode.
@NullMarked
package dev.portolan.gcp.firestore;

import org.jspecify.annotations.NullMarked;
