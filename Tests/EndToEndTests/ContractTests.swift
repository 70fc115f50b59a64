import Foundation
import TestSupport
import Testing
import Webhooks

@testable import CommandLineTool

/// The services are held to `openapi.yaml` by a program of other people: `schemathesis`, with all its checks on, sends
/// what the document calls valid and what it calls invalid, and looks for answers that it does not know.
///
/// On a stack of their own: it deletes what it finds.
@Suite(.serialized) struct ContractTests {
    @Test("No 5xx and no undocumented answer of the API and the ingester")
    func contract() async throws {
        let stack = try await RunningStack.start()
        do {
            let caller = try await Caller.newTenant(of: stack)
            let inbox = try #require(stack.settings.values["MARTLET_RECEIVER_URL"])
            _ = try await caller.makeWebhook(to: inbox)
            _ = try await caller.post(order: 1)
            let document = try await caller.api.require([200], "GET", "/openapi.yaml").text
            let service = #"^/(livez|readyz|metrics|openapi\.yaml)$"#
            // The one path that both have differs in its methods: each is shown its own.
            try await check(
                caller.ingester, document.withoutOperation("listEvents"), examples: 20,
                only: ["--include-operation-id", "postEvents", "--include-path-regex", service])
            try await check(
                caller.api, document, examples: 4,
                only: [
                    "--include-path-regex", "^/company/", "--exclude-operation-id", "postEvents",
                    // has no end
                    "--exclude-operation-id", "streamInvocations",
                ])
            var admin = try await Caller.admin(of: stack)
            admin.tenant = caller.tenant
            try await check(admin, document, examples: 4, only: ["--include-path-regex", "^/admin/"])
        } catch {
            try await stack.end()
            throw error
        }
        try await stack.end()
    }

    private func check(
        _ client: ServiceClient, _ document: String, examples: Int, only selection: [String]
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "openapi.yaml").path(percentEncoded: false)
        try document.write(toFile: file, atomically: true, encoding: .utf8)
        let program = try await Program.run(
            Repository.root + "/.venv/bin/schemathesis",
            [
                "--config-file", Repository.root + "/Tests/Contract/schemathesis.toml", "run", file, "--url",
                client.url, "--checks", "all", "--max-examples", "\(examples)", "--seed", "1", "--no-color",
                "--suppress-health-check", "all", "--continue-on-failure", "--header",
                "Authorization: Bearer \(client.token ?? "")", "--header", "X-tenant-ID: \(client.tenant ?? "")",
            ] + selection,
            folder: folder.path(percentEncoded: false))
        #expect(program.status == 0, "\(program.output)")
        // Nothing selected would be no failure.
        #expect(program.output.contains(#/[0-9]{2,} passed/#), "\(program.output)")
    }
}

extension String {
    /// The document without one operation.
    fileprivate func withoutOperation(_ id: String) -> String {
        var kept: [Substring] = []
        var operation: [Substring] = []
        func close() {
            if !operation.contains(where: { $0 == "      operationId: \(id)" }) { kept += operation }
            operation = []
        }
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains(/^ {0,4}\S/) { close() }
            operation.append(line)
        }
        close()
        return kept.joined(separator: "\n")
    }
}
