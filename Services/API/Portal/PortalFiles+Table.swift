extension PortalFiles {
    /// What `/portal/assets/` serves, by name.
    static let table: [String: (bytes: [UInt8], type: String)] = [
        "icon.svg": (PackageResources.icon_svg, "image/svg+xml"),
        "controls.css": (PackageResources.controls_css, style), "portal.css": (PackageResources.portal_css, style),
        "widths.css": (PackageResources.widths_css, style),
        "actions.js": (PackageResources.actions_js, script), "api.js": (PackageResources.api_js, script),
        "app.js": (PackageResources.app_js, script), "attention.js": (PackageResources.attention_js, script),
        "catalogue.js": (PackageResources.catalogue_js, script), "charts.js": (PackageResources.charts_js, script),
        "dom.js": (PackageResources.dom_js, script), "events.js": (PackageResources.events_js, script),
        "eventpicker.js": (PackageResources.eventpicker_js, script),
        "form.js": (PackageResources.form_js, script), "format.js": (PackageResources.format_js, script),
        "inspectors.js": (PackageResources.inspectors_js, script),
        "invocation.js": (PackageResources.invocation_js, script),
        "overview.js": (PackageResources.overview_js, script),
        "payloadfields.js": (PackageResources.payloadfields_js, script),
        "requestfields.js": (PackageResources.requestfields_js, script),
        "signin.js": (PackageResources.signin_js, script), "snippets.js": (PackageResources.snippets_js, script),
        "ui.js": (PackageResources.ui_js, script),
        "webhook.js": (PackageResources.webhook_js, script), "webhooks.js": (PackageResources.webhooks_js, script),
    ]

    private static let style = "text/css; charset=utf-8"
    private static let script = "text/javascript; charset=utf-8"
}
