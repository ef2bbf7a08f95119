package dev.portolan.aws.dynamodb;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB Local in this process, behind HTTP on the loopback address, so that the real client speaks to it
/// as to AWS. Its own server would bind every interface and send telemetry; this takes its handler only.
final class LocalDynamoDb {

    private static final Server SERVER = start();

    private LocalDynamoDb() {}

    private static Server start() {
        try {
            Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.setHandler(
                    new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), null));
            server.start();
            return server;
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not start", e);
        }
    }

    static URI address() {
        return URI.create("http://127.0.0.1:" + ((ServerConnector) SERVER.getConnectors()[0]).getLocalPort());
    }

    /// A client as it is shipped, except for where it goes.
    static DynamoDbClientBuilder client() {
        return TableOpener.client(address());
    }

    /// A fresh table's name.
    static String table() {
        return TableOpener.table(address());
    }
}
