using Understudy.Data;

namespace Understudy.Synthesis;

/// <summary>What every image made here says about itself in its text chunks.</summary>
public static class SyntheticMark
{
    /// <summary>"understudy" and its version.</summary>
    public static string Software => PngText.Software;

    /// <summary>That it is synthetic, and by which generator.</summary>
    public static IReadOnlyList<(string Key, string Text)> Of(string generatorHash) => PngText.Synthetic(generatorHash);
}
