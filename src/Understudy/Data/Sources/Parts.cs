namespace Understudy.Data;

/// <summary>The parts that published sets come in, under one name each.</summary>
internal static class Parts
{
    public const string Train = "train", Validation = "val", Test = "test";

    /// <summary>The two halves of FER2013's test images, by the names its rows and files have.</summary>
    public const string PublicTest = "PublicTest", PrivateTest = "PrivateTest";

    /// <summary>The part that a word means (a folder's name, the beginning of a file's, a Usage), or null.</summary>
    public static string? Of(string word) => word.ToLowerInvariant() switch
    {
        "train" or "training" => Train,
        "val" or "valid" or "validation" or "dev" => Validation,
        "test" or "testing" => Test,
        "publictest" => PublicTest,
        "privatetest" => PrivateTest,
        _ => null,
    };

    /// <summary>
    /// Where a part stands in a set. Both halves of a test stand together, as in a folder that does not tell them apart.
    /// </summary>
    public static int Order(string? part) => part switch { null or Train => 0, Validation => 1, _ => 2 };

    public static bool IsTest(string? part) => part is Test or PublicTest or PrivateTest;

    /// <summary>
    /// Which half of the test each image is in, where all their names tell (<c>PublicTest_123</c>); else the parts as they are.
    /// </summary>
    public static string?[] Halved(IReadOnlyList<string?> parts, IReadOnlyList<string> ids)
    {
        string?[] halved = [.. parts.Zip(ids, (part, id) => part == Test ? HalfOf(id[(id.LastIndexOf('/') + 1)..]) : part)];
        return halved.Zip(parts).Any(p => p.First is null && p.Second is not null) ? [.. parts] : halved;
    }

    private static string? HalfOf(string name) => name.StartsWith(PublicTest + "_", StringComparison.Ordinal) ? PublicTest
        : name.StartsWith(PrivateTest + "_", StringComparison.Ordinal) ? PrivateTest : null;
}
