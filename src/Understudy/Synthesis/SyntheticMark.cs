using System.Reflection;

namespace Understudy.Synthesis;

/// <summary>What every image made here says about itself in its text chunks.</summary>
public static class SyntheticMark
{
    /// <summary>"understudy" and its version.</summary>
    public static string Software { get; } = "understudy "
        + (typeof(SyntheticMark).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown");

    /// <summary>That it is synthetic, and by which generator.</summary>
    public static IReadOnlyList<(string Key, string Text)> Of(string generatorHash) =>
    [
        ("Software", Software),
        ("Synthetic", "drawn by a generative model; not a photograph of a person"),
        ("Generator", generatorHash),
    ];
}
