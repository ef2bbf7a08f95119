/// Secrets in Secrets Manager and in SSM's Parameter Store.
@NullMarked
package dev.portolan.aws.secrets;

import org.jspecify.annotations.NullMarked;
