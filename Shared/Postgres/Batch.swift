/// A prepared statement of one session; it has failed once its PREPARE has.
final class Plan {
    let key: ObjectIdentifier
    let name: String
    var failure: PostgresError?

    init(key: ObjectIdentifier, name: String) {
        self.key = key
        self.name = name
    }
}

/// What one sync settles: statements that share an implicit transaction. Used on its session's reactor only.
///
/// Nothing of it is told before the sync is confirmed: a statement's own success comes before the commit, and that can
/// fail.
final class Batch {
    private var failure: PostgresError?
    private var isSettled = false
    private var waiting: CheckedContinuation<Void, Never>?

    /// The first error of the server counts: it rolls everything back. One of reading counts while there is no other.
    func note(_ error: PostgresError) {
        switch failure {
        case nil, .decoding: failure = error
        default: break
        }
    }

    func settle() {
        isSettled = true
        waiting?.resume()
        waiting = nil
    }

    /// Does not heed cancellation: what was sent is carried out, and its caller hears of it.
    func settled(isolation: isolated (any Actor)? = #isolation) async throws(PostgresError) {
        if !isSettled { await withCheckedContinuation { waiting = $0 } }
        if let failure { throw failure }
    }
}

/// The answer that one statement of a batch is owed.
class Reply {
    let batch: Batch
    let plan: Plan

    init(to batch: Batch, plan: Plan) {
        self.batch = batch
        self.plan = plan
    }

    func take(_ result: borrowing ResultHandle) throws(PostgresError) {}
}

/// The rows of one statement of a batch; to be believed once the batch is settled.
final class Rows<S: Statement>: Reply {
    private(set) var rows: [S.Row] = []

    override func take(_ result: borrowing ResultHandle) throws(PostgresError) { rows = try result.rows(of: S.self) }
}

/// What a session owes, in the order in which it will come.
enum Owed {
    case plan(Plan)
    case reply(Reply)
    case sync(Batch?)
}

/// A statement whose parameters are in binary form: made by the caller, before it asks a reactor for anything.
struct Encoded<S: Statement>: Sendable {
    let parameters: Parameters
    let isOmitted: Bool

    init(_ statement: S) throws(PostgresError) {
        var parameters = Parameters()
        isOmitted = statement.isOmitted
        if !isOmitted { statement.bind(&parameters) }
        if let failure = parameters.failure { throw failure }
        self.parameters = parameters
    }
}

/// A statement that nothing but the socket can stop now; one that is left out has no plan.
struct Ready<S: Statement> {
    let parameters: Parameters
    let plan: Plan?
}
