/// Where Spring enters, on request: a user's `@Configuration` becomes functions, and functions become beans of Spring
/// Cloud Function's catalog. Nothing here is loaded unless one of the two is asked for.
@NullMarked
package dev.portolan.composer.spring;

import org.jspecify.annotations.NullMarked;
