public import Curl
public import Dressing
import Webhooks

extension OutboundRequest {
    /// A dressed request, with the webhook's timeouts and client certificate.
    public init(_ dressed: DressedRequest, for webhook: PreparedWebhook) {
        let configuration = webhook.webhook.configuration
        self.init(
            method: dressed.method, url: dressed.url, headers: dressed.headers, body: dressed.body,
            timeout: .milliseconds(configuration.timeoutMs),
            connectTimeout: .milliseconds(configuration.connectTimeoutMs))
        clientCertificate = webhook.identity.map { ClientCertificate(certificate: $0.certificate, key: $0.key) }
    }
}
