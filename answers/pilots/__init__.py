"""The family-doctor clinics: what they do, what their evidence allows, where next."""
