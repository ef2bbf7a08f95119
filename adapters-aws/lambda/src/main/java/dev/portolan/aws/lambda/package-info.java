/// The entry point of AWS Lambda: events are told apart, decoded, run and answered.
@NullMarked
package dev.portolan.aws.lambda;

import org.jspecify.annotations.NullMarked;
