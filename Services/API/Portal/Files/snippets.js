// How a receiver verifies a request, in five languages.

import { h, replace } from "./dom.js";
import { code, segments } from "./ui.js";

const texts = {
  "JavaScript": `import { createHmac, timingSafeEqual } from "node:crypto";

// body: the raw bytes of the request, before any JSON parser
export function verify(secret, headers, body) {
  const id = headers["webhook-id"], time = headers["webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const right = createHmac("sha256", key).update(\`\${id}.\${time}.\`).update(body).digest();
  return headers["webhook-signature"].split(" ").some((entry) => {
    const [version, code] = entry.split(",");
    const given = Buffer.from(code ?? "", "base64");
    return version === "v1" && given.length === right.length && timingSafeEqual(given, right);
  });
}`,
  "Python": `import base64, hashlib, hmac, time

# body: the raw bytes of the request, before any JSON parser
def verify(secret: str, headers: dict, body: bytes) -> bool:
    id, sent = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = hmac.new(key, f"{id}.{sent}.".encode() + body, hashlib.sha256).digest()
    return any(
        hmac.compare_digest(entry, "v1," + base64.b64encode(right).decode())
        for entry in headers["webhook-signature"].split(" ")
    )`,
  "Go": `// body: the raw bytes of the request, before any JSON parser
func verify(secret string, h http.Header, body []byte) bool {
	id, sent := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 {
		return false
	}
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + sent + "."))
	mac.Write(body)
	right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, entry := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(entry), []byte(right)) {
			return true
		}
	}
	return false
}`,
  "PHP": `<?php
// $body: file_get_contents('php://input')
function verify(string $secret, array $headers, string $body): bool {
    [$id, $sent] = [$headers['webhook-id'], $headers['webhook-timestamp']];
    if (abs(time() - (int) $sent) > 300) return false;
    $key = base64_decode(str_replace('whsec_', '', $secret));
    $right = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$sent.$body", $key, true));
    foreach (explode(' ', $headers['webhook-signature']) as $entry) {
        if (hash_equals($right, $entry)) return true;
    }
    return false;
}`,
  "Ruby": `require "openssl"
require "base64"

# body: request.body.read, before any JSON parser
def verify(secret, headers, body)
  id, sent = headers["webhook-id"], headers["webhook-timestamp"]
  return false if (Time.now.to_i - sent.to_i).abs > 300
  key = Base64.decode64(secret.delete_prefix("whsec_"))
  right = "v1," + Base64.strict_encode64(OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{sent}.#{body}"))
  headers["webhook-signature"].split(" ").any? do |entry|
    OpenSSL.fixed_length_secure_compare(entry, right) if entry.bytesize == right.bytesize
  end
end`,
};

const others = {
  shopery: "Each request carries the secret itself as X-Shopery-Secret: compare it with yours, in constant time.",
  crystallize: "Each request carries x-crystallize-signature, a JWT that is signed (HS256) with the tenant's signature "
    + "secret; its claim hmac is the SHA-256 of the request.",
};

export function snippets(webhook) {
  if (others[webhook.dialect]) return h("p", { class: "notice" }, others[webhook.dialect]);
  const place = h("div", { class: "snippet" });
  const show = (name) => replace(place, code(texts[name], `Verification in ${name}`));
  show("JavaScript");
  return h("section", { class: "snippets" }, h("h3", null, "Verify a request"),
    segments("Language", Object.keys(texts).map((name) => [name, name]), "JavaScript", show), place);
}
