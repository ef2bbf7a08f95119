package dev.portolan.aws.dynamodb;

import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.state.StateStore;

/// State in a table of DynamoDB, `dynamodb:TABLE`: in the region, with the credentials and at the endpoint that
/// AWS's own tools would take.
public final class DynamoDbDriver implements Driver {

    @Override
    public String scheme() {
        return "dynamodb";
    }

    @Override
    public StateStore store(String table, Host host) {
        if (table.isEmpty()) {
            throw new Failure(Failure.Code.FAILED_PRECONDITION, "'dynamodb' needs a table, as in dynamodb:TABLE");
        }
        return DynamoDbStateStore.open(table, host);
    }
}
