//! Properties of the tenant.
