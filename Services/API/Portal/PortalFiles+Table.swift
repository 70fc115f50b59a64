extension PortalFiles {
    /// What `/portal/assets/` serves, by name.
    static let table: [String: (bytes: [UInt8], type: String)] = [
        "icon.svg": (PackageResources.icon_svg, "image/svg+xml"),
        "portal.css": (PackageResources.portal_css, "text/css; charset=utf-8"),
        "actions.js": (PackageResources.actions_js, script), "api.js": (PackageResources.api_js, script),
        "app.js": (PackageResources.app_js, script),
        "catalogue.js": (PackageResources.catalogue_js, script), "charts.js": (PackageResources.charts_js, script),
        "dom.js": (PackageResources.dom_js, script), "events.js": (PackageResources.events_js, script),
        "form.js": (PackageResources.form_js, script), "format.js": (PackageResources.format_js, script),
        "inspectors.js": (PackageResources.inspectors_js, script),
        "invocation.js": (PackageResources.invocation_js, script),
        "overview.js": (PackageResources.overview_js, script), "signin.js": (PackageResources.signin_js, script),
        "snippets.js": (PackageResources.snippets_js, script), "ui.js": (PackageResources.ui_js, script),
        "webhook.js": (PackageResources.webhook_js, script), "webhooks.js": (PackageResources.webhooks_js, script),
    ]

    private static let script = "text/javascript; charset=utf-8"
}
