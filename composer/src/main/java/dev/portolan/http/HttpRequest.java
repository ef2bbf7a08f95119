package dev.portolan.http;

import dev.portolan.invocation.Headers;

/// A request as it came, its body neither decompressed nor decoded.
///
/// @param method in upper case
/// @param path without query, still percent-encoded
/// @param query the parameters, decoded, in the form of headers: a name may come several times
@SuppressWarnings("ArrayRecordComponent") // nothing compares requests
public record HttpRequest(String method, String path, Headers query, Headers headers, byte[] body) {}
