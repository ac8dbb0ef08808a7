using System.CommandLine;
using Understudy.Networks;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Options;

/// <summary>The generator that a verb is about.</summary>
internal sealed class GeneratorArgument : Argument<string>
{
    public GeneratorArgument() : base("GENERATOR") => Description = "A run's folder, a checkpoint, or a generator.safetensors";

    public string Path(ParseResult arguments) => arguments.GetRequiredValue(this);

    /// <summary>Ready to draw, with a warning where this processor is slow at it.</summary>
    /// <param name="precision">The number format that is asked for; null: what the generator was trained in.</param>
    public Sampler Load(Session session, Precision? precision = null)
    {
        var sampler = Sampler.Load(Path(session.Arguments));
        if ((precision ?? sampler.Card.Options.Precision).Warning() is { } slow) session.Terminal.Say($"warning: {slow}");
        return sampler;
    }
}
