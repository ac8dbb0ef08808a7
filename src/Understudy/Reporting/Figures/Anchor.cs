using Understudy.Common;

namespace Understudy.Reporting.Figures;

/// <summary>Element ids made from titles: safe characters only, the same every time.</summary>
internal static class Anchor
{
    public static string Of(string title) => "f" + Fingerprint.Of(title)[..10];
}
