package dev.portolan.local.lambda;

import dev.portolan.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The AWS SAM template of a package: one function for each pipeline, closed by default.
///
/// @param ids the functions' logical ids, in their order
public record Template(String text, List<String> ids) {

    /// How every template of ours begins, which tells its folder from one that is somebody else's.
    static final String MARK = "# Made by 'portolan package'";

    private static final String HEAD = """
            {mark}, and made anew each time. Deploy it alone,
            #   sam deploy --guided --capabilities CAPABILITY_IAM --template-file {folder}/template.yaml
            # or merge its parts into a template of yours, with CodeUri pointing here.
            #
            # Drivers of stores, queues and mail come with a later version: their jars will lie in lib/, their names stand
            # beside PORTOLAN_STORE, and what they may do goes into each function's own role.
            AWSTemplateFormatVersion: '2010-09-09'
            Transform: AWS::Serverless-2016-10-31
            Description: Pipelines of Portolan

            Parameters:
              Architecture:
                Type: String
                Default: arm64
                AllowedValues: [arm64, x86_64]

            Resources:
              Api:
                Type: AWS::Serverless::HttpApi
                Properties:
                  FailOnWarnings: true
                  Auth:                         # closed by default: callers sign with SigV4 and need execute-api:Invoke
                    EnableIamAuthorizer: true
                    DefaultAuthorizer: AWS_IAM
                  DefaultRouteSettings:
                    ThrottlingBurstLimit: 50
                    ThrottlingRateLimit: 100
            """;

    private static final String FUNCTION = """

              {Id}:
                Type: AWS::Serverless::Function
                Metadata: {SkipBuild: true}     # Maven and 'portolan package' have built it
                Properties:
                  Description: {description}
                  Runtime: java25
                  Architectures: [!Ref Architecture]
                  CodeUri: function.zip
                  Handler: {handler}
                  MemorySize: 1024              # CPU scales with memory
                  Timeout: 29                   # below the 30 s in which an HTTP API gives up
                  SnapStart: {ApplyOn: PublishedVersions}
                  AutoPublishAlias: live        # SnapStart acts on versions alone; what invokes goes to the alias
                  AutoPublishAliasAllProperties: true
                  LoggingConfig: {LogFormat: Text, LogGroup: !Ref {Id}Logs}   # JSON would load a library at each start
                  Role: !GetAtt {Id}Role.Arn
                  Environment:
                    Variables:                  # memory is the only store yet: nothing outlives an instance
            {environment}
                  Events:
                    Http:
                      Type: HttpApi
                      Properties: {ApiId: !Ref Api, Path: '/pipelines/{path}', Method: POST}
            {queue}

              {Id}Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: '2012-10-17'
                    Statement:
                      - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
                  Policies:
                    - PolicyName: logs
                      PolicyDocument:
                        Version: '2012-10-17'
                        Statement:
                          - Effect: Allow
                            Action: [logs:CreateLogStream, logs:PutLogEvents]
                            Resource: !GetAtt {Id}Logs.Arn

              {Id}Logs:
                Type: AWS::Logs::LogGroup
                DeletionPolicy: Delete
                UpdateReplacePolicy: Delete
                Properties: {RetentionInDays: 14}
            """;

    /// For an entry point that decodes records one by one, and names those that failed.
    private static final String QUEUE = """
                    # A queue instead, or besides (its visibility timeout at least 6 x Timeout; the role then needs
                    # sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on it):
                    # Messages:
                    #   Type: SQS
                    #   Properties: {Queue: !GetAtt YourQueue.Arn, FunctionResponseTypes: [ReportBatchItemFailures]}
            """;

    private static final String OUTPUT = """
              {Id}Url:
                Value: !Sub 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/pipelines/{path}'
            """;

    /// One function of the template.
    ///
    /// @param pipeline its name, or a pipe expression
    /// @param environment its variables in their order
    public record Function(String pipeline, String description, Map<String, String> environment) {}

    /// The logical id of a pipeline: `GreetByMail` for `greet-by-mail`.
    private static String logicalId(String pipeline) {
        return Arrays.stream(pipeline.split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(), id -> id.isEmpty() || Character.isDigit(id.charAt(0)) ? "F" + id : id));
    }

    /// The template of functions that one handler answers for.
    ///
    /// @param folder where it will lie, for people
    public static Template of(String handler, List<Function> functions, String folder) {
        StringBuilder resources = new StringBuilder(HEAD.replace("{mark}", MARK).replace("{folder}", folder));
        StringBuilder outputs = new StringBuilder("\nOutputs:\n");
        List<String> ids = new ArrayList<>();
        Set<String> taken = new HashSet<>(Set.of("Api", "Architecture"));
        for (Function function : functions) {
            String id = free(logicalId(function.pipeline()), taken);
            ids.add(id);
            String environment = function.environment().entrySet().stream()
                    .map(variable -> "          " + variable.getKey() + ": " + quoted(variable.getValue()))
                    .collect(Collectors.joining("\n"));
            String path = function.pipeline().replaceAll("[^A-Za-z0-9._-]+", "-");
            resources.append(FUNCTION.replace("{queue}\n", handler.startsWith("dev.portolan.") ? QUEUE : "")
                    .replace("{Id}", id)
                    .replace("{handler}", handler)
                    .replace("{environment}", environment)
                    .replace("{path}", path)
                    .replace("{description}", quoted(shortened(function.description()))));
            outputs.append(OUTPUT.replace("{Id}", id).replace("{path}", path));
        }
        return new Template(resources.append(outputs).toString(), List.copyOf(ids));
    }

    /// What this template and SAM's transform put behind a function's id.
    private static final List<String> SUFFIXES =
            List.of("", "Role", "Logs", "Url", "Aliaslive", "Version", "HttpPermission");

    private static String free(String id, Set<String> taken) {
        String free = id;
        for (int n = 2; SUFFIXES.stream().map(free::concat).anyMatch(taken::contains); n++) {
            free = id + n;
        }
        SUFFIXES.stream().map(free::concat).forEach(taken::add);
        return free;
    }

    /// Lambda takes 256 characters.
    private static String shortened(String description) {
        if (description.length() <= 256) {
            return description;
        }
        int end = Character.isHighSurrogate(description.charAt(254)) ? 254 : 255;
        return description.substring(0, end) + "…";
    }

    /// A text of JSON is one of YAML.
    private static String quoted(String text) {
        return new String(new Json().encode(text), StandardCharsets.UTF_8);
    }
}
