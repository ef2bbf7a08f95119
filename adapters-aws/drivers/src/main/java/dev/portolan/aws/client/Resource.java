package dev.portolan.aws.client;

/// What a driver calls, as messages and policies speak of it.
///
/// @param kind `table`, `queue`, ...
/// @param name what its owner calls it
public record Resource(Service service, String kind, String name) {

    /// A service of AWS's.
    public enum Service {
        DYNAMODB("DynamoDB", "dynamodb"),
        SQS("SQS", "sqs"),
        SES("SES", "ses"),
        SECRETS_MANAGER("Secrets Manager", "secretsmanager"),
        PARAMETER_STORE("Parameter Store", "ssm");

        private final String title;
        private final String prefix;

        Service(String title, String prefix) {
            this.title = title;
            this.prefix = prefix;
        }

        /// What people call it.
        String title() {
            return title;
        }

        /// What the names of its actions begin with in a policy.
        String prefix() {
            return prefix;
        }
    }

    /// As a sentence names it.
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
