using System.Text.Json.Serialization;
using Understudy.Common;

namespace Understudy.Studies;

/// <summary>
/// One piece of work that reads files and writes files. What it is made of decides its name on the disk: equal work is one
/// folder, whichever study asks for it.
/// </summary>
/// <param name="Label">What people call it: "generator g32". Not part of the identity.</param>
/// <param name="Kind">A name of <see cref="StageKinds"/>.</param>
/// <param name="Version">The version of the kind's algorithm.</param>
/// <param name="Seed">The keyed seed of its purpose.</param>
/// <param name="Options">Fully resolved, as one line of JSON.</param>
/// <param name="Inputs">The stages it reads, each under the name it knows it by.</param>
/// <param name="Location">A path outside the runs folder that it reads; its content is in the options, so it is not part of the
/// identity.</param>
internal sealed record Stage(string Label, string Kind, int Version, ulong Seed, string Options,
    IReadOnlyList<StageInput> Inputs, string? Location = null)
{
    /// <summary>"classifier-0123456789abcdef": kind and 16 digits of the SHA-256 of everything that decides the result.</summary>
    [JsonIgnore]
    public string Id => $"{Kind}-{Hash()[..16]}";

    public T Read<T>() => StrictJson.Read<T>(Options, $"options of {Label}");

    public StageInput Of(string name) => Inputs.First(i => i.Name == name);

    private string Hash()
    {
        using var f = new Fingerprint();
        f.Add("stage/1").Add(Kind).Add(Version).Add(unchecked((long)Seed)).Add(Options);
        foreach (var i in Inputs) f.Add(i.Name).Add(i.Id);
        return f.Finish();
    }
}

internal sealed record StageInput(string Name, string Id);
