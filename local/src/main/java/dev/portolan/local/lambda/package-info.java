/// What AWS Lambda is given: jars, definitions and a template, from what is built on this machine.
@NullMarked
package dev.portolan.local.lambda;

import org.jspecify.annotations.NullMarked;
