using System;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace AwsCred.Tests;

/// <summary>
/// What holds for all values, tried on the same ones in every run. A failure prints the value and the seed; PROPERTY_SEED tries others, PROPERTY_VALUES more.
/// </summary>
internal static class Property
{
    private static readonly ulong s_seed = Setting("PROPERTY_SEED", 20260103);
    private static readonly int s_values = (int)Setting("PROPERTY_VALUES", 300);

    /// <param name="values">What it holds for.</param>
    /// <param name="holds">Throws where it does not.</param>
    public static void Holds<T>(Gen<T> values, Action<T> holds)
    {
        const ulong anyOddNumber = 0x9E3779B97F4A7C15;
        Replay replay = new(new Rnd(s_seed, anyOddNumber), FSharpOption<int>.None);
        Exception? thrown = Record.Exception(() =>
            FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(s_values).WithReplay(replay), Prop.ForAll(values.ToArbitrary(), holds)));
        if (thrown is not null) Assert.Fail($"PROPERTY_SEED={s_seed} PROPERTY_VALUES={s_values}: {thrown.Message}");
    }

    private static ulong Setting(string name, ulong otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
