namespace Understudy.Data;

/// <summary>The parts that published sets come in, under one name each.</summary>
internal static class Parts
{
    public const string Train = "train", Validation = "val", Test = "test";

    /// <summary>The part a folder's name means, or null.</summary>
    public static string? Of(string folder) => folder.ToLowerInvariant() switch
    {
        "train" or "training" => Train,
        "val" or "valid" or "validation" => Validation,
        "test" or "testing" => Test,
        _ => null,
    };
}
