namespace CredBroker.Grants;

/// <summary>The grant of a name as it is now; null where there is none, or none any more.</summary>
internal delegate Grant? FindGrant(string name);
