/// The same functions under Spring Boot and Spring Cloud Function's own adapter for AWS Lambda.
@NullMarked
package dev.portolan.aws.spring;

import org.jspecify.annotations.NullMarked;
