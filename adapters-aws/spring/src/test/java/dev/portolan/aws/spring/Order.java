package dev.portolan.aws.spring;

/// What the senders of the fixtures mean, as a user would write it.
public record Order(String sku, int quantity) {}
