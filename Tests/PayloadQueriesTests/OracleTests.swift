import JSON
import TestSupport
import Testing

@testable import PayloadQueries

/// The same queries by somebody else's implementation (`graphql-core`): what is grammar, what is valid, what the result
/// is, and what its strings say.
@Suite struct OracleTests {
    /// Names say what their values are, see ``QueryGenerator``; whatever is no object has no members.
    private static let script = #"""
        import json, sys
        from graphql import (GraphQLError, Lexer, Source, TokenKind, build_schema, execute, parse, validate)
        from graphql.language import ast
        import graphql.validation as rules
        class Number(str): pass
        def read(text): return json.loads(text, parse_int=Number, parse_float=Number)
        def write(value):
            if isinstance(value, Number): return str(value)
            if isinstance(value, dict):
                return "{" + ",".join(write(k) + ":" + write(v) for k, v in value.items()) + "}"
            if isinstance(value, list): return "[" + ",".join(map(write, value)) + "]"
            return json.dumps(value, ensure_ascii=False)
        schema = build_schema("""
            scalar JSON
            type Query { order: R item: R topicMap: R }
            type R { get(id: ID, identifier: ID, language: String): Node }
            type Node {
              s1: JSON s2: JSON s3: JSON x1: JSON c1: Node o1: Node o2: Node
              j1(first: Int, other: JSON): JSON j2(first: Int, other: JSON): JSON
              l1(first: Int, other: JSON): [Node] l2(first: Int, other: JSON): [Node]
              m1(first: Int, other: JSON): [[Node]]
            }""", assume_valid=True)
        bare = build_schema("scalar JSON type Query { _: Int f: Float i: ID b: Boolean s: String j: JSON }")
        chosen = [getattr(rules, name + "Rule") for name in """ExecutableDefinitions UniqueOperationNames
            LoneAnonymousOperation UniqueFragmentNames KnownFragmentNames NoUnusedFragments NoFragmentCycles
            UniqueVariableNames NoUndefinedVariables NoUnusedVariables UniqueDirectivesPerLocation KnownDirectives
            UniqueArgumentNames UniqueInputFieldNames OverlappingFieldsCanBeMerged ValuesOfCorrectType
            ProvidedRequiredArguments VariablesInAllowedPosition KnownArgumentNames""".split()]
        class Uncounted(Exception): pass
        def count(selections, fragments, path=()):
            total = 0
            for one in selections:
                if isinstance(one, ast.FieldNode):
                    total += 1
                    name = one.name.value
                    for argument in one.arguments:
                        value = argument.value
                        if argument.name.value == "first" and not isinstance(
                                value, (ast.VariableNode, ast.NullValueNode)):
                            if not (isinstance(value, ast.IntValueNode) and 0 <= int(value.value) < 2 ** 31):
                                raise Uncounted
                inner = one.selection_set.selections if getattr(one, "selection_set", None) else []
                if isinstance(one, ast.FragmentSpreadNode):
                    inner = fragments[one.name.value].selection_set.selections
                total += count(inner, fragments)
            return total
        def is_valid(document):
            kinds = [d for d in document.definitions if isinstance(d, ast.OperationDefinitionNode)]
            if len(kinds) != 1 or kinds[0].operation.value != "query": return False
            known = [e for e in validate(bare, document, chosen)
                     if not e.message.startswith("Unknown argument") or "on directive" in e.message]
            if known: return False
            fragments = {d.name.value: d for d in document.definitions if isinstance(d, ast.FragmentDefinitionNode)}
            try: return count(kinds[0].selection_set.selections, fragments) <= 200
            except Uncounted: return False
        def strings(text):
            lexer, found = Lexer(Source(text)), []
            while (token := lexer.advance()).kind != TokenKind.EOF:
                if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING): found.append(token.value)
            return found
        def resolver(documents):
            def resolve(source, info, **arguments):
                if info.parent_type.name == "Query": return info.field_name
                if info.parent_type.name == "R":
                    name = arguments.get("id") or arguments.get("identifier")
                    return read(documents[source][name]) if name in documents[source] else None
                value = source.get(info.field_name)
                if isinstance(value, list) and arguments.get("first") is not None: value = value[:arguments["first"]]
                def members(value):
                    if isinstance(value, list): return [members(one) for one in value]
                    return value if isinstance(value, dict) else None
                return value if info.field_name[0] in "sjx" else members(value)
            return resolve
        answers = []
        for case in json.load(sys.stdin):
            answer = {"parses": False, "isValid": False, "strings": [], "result": None}
            try:
                document = parse(case["query"])
                answer["parses"] = all(isinstance(d, ast.ExecutableDefinitionNode) for d in document.definitions)
                answer["strings"] = strings(case["query"])
            except GraphQLError: pass
            if answer["parses"]: answer["isValid"] = is_valid(document)
            if answer["isValid"] and case["runs"]:
                done = execute(schema, document, None, variable_values=json.loads(case["variables"]),
                               field_resolver=resolver(case["resources"]))
                answer["result"] = str(done.errors) if done.errors and done.data is not None else (
                    None if done.errors else write(done.data))
            answers.append(answer)
        print(json.dumps(answers))
        """#

    private struct Case {
        let query: String
        let runs: Bool
        let variables: String
        let resources: [String: [String: String]]

        init(_ generator: inout QueryGenerator) {
            let tokens = generator.query()
            runs = generator.chance(60)
            query = generator.text(runs ? tokens : generator.damaged(tokens))
            var members: [String] = []
            if generator.chance(90) { members.append("\"id\":\"\(generator.pick(["1", "two", "3", "5"]))\"") }
            if generator.chance(95) { members.append("\"b\":\(generator.pick(["true", "false"]))") }
            if generator.chance(60) { members.append("\"c\":\(generator.pick(["true", "false"]))") }
            if generator.chance(70) { members.append("\"n\":\(generator.pick(["0", "1", "2", "null"]))") }
            variables = "{" + members.joined(separator: ",") + "}"
            var resources: [String: [String: String]] = [:]
            for (root, ids) in QueryGenerator.resources.sorted(by: { $0.key < $1.key }) {
                for id in ids { resources[root, default: [:]][id] = generator.resource() }
            }
            self.resources = resources
        }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.member("query", query)
                writer.member("runs", runs)
                writer.member("variables", variables)
                writer.name("resources")
                writer.object { writer in
                    for (root, resources) in resources {
                        writer.name(root)
                        writer.object { for (id, text) in resources { $0.member(id, text) } }
                    }
                }
            }
        }

        /// Nil where a variable is missing.
        func result(of query: PayloadQuery) throws -> String? {
            let input = try JSONDocument(parsing: Array(variables.utf8)).root
            do {
                let plan = try query.plan { input.member($0).map(QueryInput.init) }
                let bytes = try plan.result { lookup in
                    resources[lookup.root]?[lookup.id].flatMap { try? JSONDocument(parsing: Array($0.utf8)).root }
                }
                return String(decoding: bytes, as: UTF8.self)
            } catch {
                return nil
            }
        }
    }

    private static func strings(in text: String) throws -> [String] {
        var lexer = QueryLexer(Array(text.utf8))
        var strings: [String] = []
        while true {
            switch try lexer.next().kind {
            case .string(let string): strings.append(string)
            case .end: return strings
            default: break
            }
        }
    }

    @Test("Queries, good and damaged", arguments: [1, 2, 3] as [UInt64])
    func queries(seed: UInt64) async throws {
        var generator = QueryGenerator(seed: seed)
        let cases = (0..<700).map { _ in Case(&generator) }
        var writer = JSONWriter()
        writer.array { writer in for one in cases { one.write(to: &writer) } }
        let python = try await Program.python(Self.script, input: writer.text)
        try #require(python.status == 0, "\(python.output)")
        let answers = Array(try JSONDocument(parsing: Array(python.output.utf8)).root.elements)
        try #require(answers.count == cases.count)
        var counts = (parsed: 0, valid: 0, results: 0)
        for (one, answer) in zip(cases, answers) {
            let parses = (try? QueryParser.parse(Array(one.query.utf8))) != nil
            let query = try? PayloadQuery(one.query)
            #expect(parses == answer.member("parses")?.bool, "\(one.query)")
            #expect((query != nil) == answer.member("isValid")?.bool, "\(one.query)")
            if parses {
                counts.parsed += 1
                let strings = answer.member("strings")?.elements.compactMap(\.string)
                #expect(try Self.strings(in: one.query) == strings, "\(one.query)")
            }
            guard let query else { continue }
            counts.valid += 1
            guard one.runs else { continue }
            let result = try one.result(of: query)
            #expect(result == answer.member("result")?.string, "\(one.query) \(one.variables) \(one.resources)")
            if result != nil { counts.results += 1 }
        }
        #expect(counts.parsed > 400 && counts.valid > 250 && counts.results > 150, "\(counts)")
        #expect(counts.parsed < 650 && counts.valid < counts.parsed, "\(counts)")
    }
}
