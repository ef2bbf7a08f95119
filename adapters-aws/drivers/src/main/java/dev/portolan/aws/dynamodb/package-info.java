/// State in DynamoDB: one table, entries by key, and two indexes that are split over shards.
@NullMarked
package dev.portolan.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
