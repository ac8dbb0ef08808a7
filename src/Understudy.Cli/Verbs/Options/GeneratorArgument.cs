using System.CommandLine;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Options;

/// <summary>The generator that a verb is about.</summary>
internal sealed class GeneratorArgument : Argument<string>
{
    public GeneratorArgument() : base("GENERATOR") => Description = "A run's folder, a checkpoint, or a generator.safetensors";

    public string Path(ParseResult arguments) => arguments.GetRequiredValue(this);

    /// <summary>Ready to draw.</summary>
    public Sampler Load(ParseResult arguments) => Sampler.Load(Path(arguments));
}
