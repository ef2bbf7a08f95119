/// What the drivers of AWS's services share: clients that start fast and give up in time, and what a call that
/// failed means.
@NullMarked
package dev.portolan.aws.client;

import org.jspecify.annotations.NullMarked;
