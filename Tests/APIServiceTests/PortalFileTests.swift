import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import APIService

@Suite("The portal's files")
struct PortalFileTests {
    private static let folder = URL(filePath: Repository.root).appending(path: "Services/API/Portal/Files")

    @Test("Every file is served, as it is, under a policy that allows nothing from elsewhere")
    func served() async throws {
        try await withAPI { api, _ in
            let browser = api.with { ($0.token, $0.tenant) = (nil, nil) }
            let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            #expect(names.count > 15)
            for name in names {
                let path = name == "index.html" ? "/portal" : "/portal/assets/\(name)"
                let answer = try await browser.send(.get, path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.bytes == Array(try Data(contentsOf: Self.folder.appending(path: name))), "\(path)")
                let policy = try #require(answer.headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
                #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                let tag = try #require(answer.headers[.eTag])
                let again = try await browser.send(.get, path, headers: [.ifNoneMatch: tag])
                #expect(again.status == 304 && again.bytes.isEmpty)
            }
            for path in ["/portal/", "/portal/webhooks", "/portal/webhooks/wbh_1/edit"] {
                let page = try await browser.send(.get, path)
                #expect(page.status == 200 && page.headers[.contentType]?.hasPrefix("text/html") == true)
            }
            #expect(try await browser.send(.get, "/portal/assets/secrets.js").status == 404)
        }
    }

    @Test("The page has no script or style of its own, and no code makes markup of text")
    func noMarkup() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
            let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
            if name.hasSuffix(".html") { #expect(!text.contains(/<script>|<style|style=|\son\w+=/), "\(name)") }
            guard name.hasSuffix(".js") else { continue }
            let sinks = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage/
            #expect(!text.contains(sinks), "\(name)")
            #expect(!text.contains(/https?:\/\/(?!example\.com|www\.w3\.org\/2000\/svg)[a-z]/), "\(name) calls out")
        }
    }

    @Test("What the first page loads stays below 100 kB")
    func firstView() throws {
        var (wanted, seen) = (["index.html", "icon.svg", "app.js", "overview.js"], Set<String>())
        wanted += ["portal.css", "controls.css", "widths.css"]
        var bytes = 0
        while let name = wanted.popLast() {
            guard seen.insert(name).inserted else { continue }
            let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
            bytes += text.utf8.count
            guard name.hasSuffix(".js") else { continue }
            wanted += text.matches(of: /from "\.\/([a-z]+\.js)"/).map { String($0.1) }
        }
        #expect(seen.count > 7 && bytes < 100_000, "\(bytes)")
    }
}
