using System.Reflection;

namespace Understudy.Data;

/// <summary>What every image made here says about itself in its text chunks, where every image tool shows it.</summary>
public static class SyntheticMark
{
    private const string Key = "Synthetic";

    /// <summary>"understudy" and its version.</summary>
    public static string Software { get; } = "understudy "
        + (typeof(SyntheticMark).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "unknown");

    /// <summary>That it is synthetic, and by which generator.</summary>
    public static IReadOnlyList<(string Key, string Text)> Of(string generatorHash) =>
    [
        ("Software", Software),
        (Key, "drawn by a generative model; not a photograph of a person"),
        ("Generator", generatorHash),
    ];

    /// <summary>Whether a PNG says so.</summary>
    /// <exception cref="InvalidDataException">Not a PNG, or its chunks are cut off.</exception>
    internal static bool IsOn(ReadOnlySpan<byte> png) => PngText.Read(png).Any(t => t.Key == Key);
}
