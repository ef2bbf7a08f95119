/// Wake-ups and dead letters in queues of SQS.
@NullMarked
package dev.portolan.aws.sqs;

import org.jspecify.annotations.NullMarked;
