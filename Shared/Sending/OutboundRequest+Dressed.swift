public import Curl
public import Dressing
public import Webhooks

extension OutboundRequest {
    /// A dressed request, with the timeouts of its webhook.
    public init(_ dressed: DressedRequest, for configuration: WebhookConfiguration) {
        self.init(
            method: dressed.method, url: dressed.url, headers: dressed.headers, body: dressed.body,
            timeout: .milliseconds(configuration.timeoutMs),
            connectTimeout: .milliseconds(configuration.connectTimeoutMs))
    }
}
