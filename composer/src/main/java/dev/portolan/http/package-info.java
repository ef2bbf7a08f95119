/// HTTP without a server: what every host that speaks HTTP does between a request and its answer.
@NullMarked
package dev.portolan.http;

import org.jspecify.annotations.NullMarked;
