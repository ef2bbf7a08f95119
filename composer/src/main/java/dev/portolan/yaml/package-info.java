/// YAML files as plain trees whose parts know their lines.
@NullMarked
package dev.portolan.yaml;

import org.jspecify.annotations.NullMarked;
