/// How a deployment finds what stands behind its ports, by addresses such as `dynamodb:portolan-state`.
@NullMarked
package dev.portolan.driver;

import org.jspecify.annotations.NullMarked;
